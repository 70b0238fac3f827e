"""The supervisor: owns the protocol stream, measures, and believes nothing that comes from the user's uid."""
