"""An order's trail and the store's activity: operations, their headings and sentences, the export."""
