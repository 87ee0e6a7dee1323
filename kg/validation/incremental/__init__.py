"""What a change of the data can affect, and the check of just that. The flow is in its module `affected`."""
