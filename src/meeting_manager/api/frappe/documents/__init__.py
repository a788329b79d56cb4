"""Records as Frappe's documents, `/api/resource/{doctype}`: by the queries, rules and services of REST v1."""
