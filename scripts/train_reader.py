"""Train the reader: data folder → negatives, batches, checkpoints, weights.

Example: python scripts/train_reader.py --data DATA --work RUN --examples 220000
A killed run goes on where its last checkpoint was when started again with the same options.
"""

from service.training.command import main

if __name__ == "__main__":
    main()
