"""Pages for clerks, employers, workers and coordinators, over the same use cases and permissions as the API."""
