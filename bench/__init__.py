"""Speed, as ratios to named floors and peers in the same run."""
