"""The HR import: three files in, a plan compared with the database, applied all or nothing."""
