// Command zohosync keeps Zoho CRM in step with the calendars, task lists and address books a person already uses: from
// a tray icon, or from the command line on machines without a display.
package main

func main() {}
