"""What each request needs: one module per service. Source: AWS service authorization reference."""
