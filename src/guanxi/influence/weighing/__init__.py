"""What a fan weighs: reach, resonance, network value, and the band that follows."""
