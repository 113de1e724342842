"""What goes in and out of the API. Input limits live in ``requests.py`` and nowhere else."""
