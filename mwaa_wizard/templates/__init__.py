"""What the wizard would create, as code: CloudFormation, Terraform, or input for the AWS command line."""
