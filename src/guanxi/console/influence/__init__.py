"""Pages of Influence: whom to invite, what was passed on, who moves whom."""
