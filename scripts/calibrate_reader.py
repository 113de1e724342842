"""Fit a reader's calibration on held-aside sets: weights → calibration.json beside them.

Example: python scripts/calibrate_reader.py --data DATA --weights WEIGHTS --work RUN
Indexes and readings are kept in RUN, so that a second fit takes seconds.
"""

from service.training.calibrating import main

if __name__ == "__main__":
    main()
