"""Pages for people: what they say, and how it is drawn. The flow is in `kg.serve.views.pages`."""
