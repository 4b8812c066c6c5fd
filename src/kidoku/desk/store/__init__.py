"""What the desk keeps. SQL stands here and nowhere else of the desk."""
