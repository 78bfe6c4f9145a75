"""One child, one record: joining, parting, undoing, and what people decide about pairs nobody is sure of."""
