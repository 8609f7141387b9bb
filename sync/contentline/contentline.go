// Package contentline reads iCalendar and vCard objects as a list of content lines and writes them back byte for byte,
// so that an edit changes only the lines that it names. See RFC 5545 section 3.1, RFC 6350 section 3.3 and RFC 6868.
package contentline
