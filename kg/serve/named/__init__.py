"""``/queries``: named queries as an API: what is asked, rows and their pages, descriptions, and the endpoints."""
