"""What the commands of `helpline` do: run, demo, check, and what an operator does for organisations."""
