"""What whoever runs the service sees of it: metrics, logs, whether it is ready, and how it ends."""
