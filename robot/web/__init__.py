"""The dashboard: pages for ops, clerks and customers. It reads, and asks the robot by command."""
