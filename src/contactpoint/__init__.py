"""ContactPoint: who else is already in contact with this child?"""
