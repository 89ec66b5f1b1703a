"""One thin module per AWS service; every client comes from `factory.Clients`, which knows whose it is."""
