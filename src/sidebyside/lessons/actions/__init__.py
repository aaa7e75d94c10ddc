"""What can be done with lessons."""
