"""IAM's evaluation logic, and what each request asks permission for."""
