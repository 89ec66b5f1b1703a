"""What of ours is still in both environments and accounts after a run: found, taken away, and looked for again."""
