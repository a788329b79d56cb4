"""REST v1 under /api/v1 and the Frappe wire format under /api/method: the services of the house, spoken over HTTP."""
