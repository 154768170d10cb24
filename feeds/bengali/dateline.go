package bengali

func (c *cleaner) cutHead() {}
