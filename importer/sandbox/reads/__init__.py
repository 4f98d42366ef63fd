"""The calls that read: ratings, library, activities, settings, and titles looked up."""
