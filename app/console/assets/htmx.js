// htmx as one file of our own address; what it may do is set in the page's meta tag.
import "htmx.org";
