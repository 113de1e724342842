"""What the extraction scripts are made of: files by other programs, hostile ones, comparison."""
