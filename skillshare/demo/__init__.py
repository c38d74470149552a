"""The demo département: generated people, offers and needs, and a living story made by the same actions."""
