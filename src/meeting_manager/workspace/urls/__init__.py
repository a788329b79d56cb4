"""The addresses of staff: `account` under /accounts/, `desk` under /workspace/."""
