"""The founding document's methods, in the form in which Frappe's clients ask and are answered."""
