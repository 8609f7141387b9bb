package sandbox

import "strings"

// field is one column of a module. Its kind decides how values are read, kept and written; see take and show.
type field struct {
	id    string
	name  string // API name
	label string
	kind  string
	size  int    // characters of a text, or how many participants
	flags string // m mandatory, r read only, u unique, c custom
	pick  []string
	to    string // module of a lookup
	area  string // small, large or rich_text of a textarea
}

func (f *field) mandatory() bool { return strings.Contains(f.flags, "m") }
func (f *field) readOnly() bool  { return strings.Contains(f.flags, "r") }
func (f *field) unique() bool    { return strings.Contains(f.flags, "u") }
func (f *field) custom() bool    { return strings.Contains(f.flags, "c") }

// dataType is the data_type of the field's metadata.
func (f *field) dataType() string {
	switch f.kind {
	case "participants", "id":
		return "bigint"
	case "tags":
		return "text"
	}
	return f.kind
}

// jsonType is the json_type of the field's metadata.
func (f *field) jsonType() string {
	switch f.kind {
	case "lookup", "ownerlookup", "userlookup", "RRULE", "ALARM":
		return "jsonobject"
	case "participants", "tags", "multireminder":
		return "jsonarray"
	case "boolean":
		return "boolean"
	}
	return "string"
}

func row(name, label, kind string, size int, flags string) *field {
	return &field{name: name, label: label, kind: kind, size: size, flags: flags}
}

func choice(name, label string, values ...string) *field {
	return &field{name: name, label: label, kind: "picklist", size: 120, pick: append([]string{"-None-"}, values...)}
}

func lookup(name, label, to string) *field {
	return &field{name: name, label: label, kind: "lookup", size: 120, to: to}
}

func area(name, label, kind string) *field {
	size := map[string]int{"small": 2000, "large": 32000, "rich_text": 50000}[kind]
	return &field{name: name, label: label, kind: "textarea", size: size, area: kind}
}

// common are the fields that every module has.
func common(singular string) []*field {
	return []*field{
		row("id", "Record Id", "id", 20, "r"),
		row("Owner", singular+" Owner", "ownerlookup", 120, ""),
		row("Tag", "Tag", "tags", 10, ""),
		row("Created_By", "Created By", "userlookup", 120, "r"),
		row("Modified_By", "Modified By", "userlookup", 120, "r"),
		row("Created_Time", "Created Time", "datetime", 120, "r"),
		row("Modified_Time", "Modified Time", "datetime", 120, "r"),
		row("Last_Activity_Time", "Last Activity Time", "datetime", 120, "r"),
		row("Locked__s", "Locked", "boolean", 5, "r"),
		row("Record_Status__s", "Record Status", "picklist", 120, "r"),
	}
}

func address(prefix string) []*field {
	return []*field{
		row(prefix+"_Street", prefix+" Street", "text", 250, ""),
		row(prefix+"_City", prefix+" City", "text", 100, ""),
		row(prefix+"_State", prefix+" State", "text", 100, ""),
		row(prefix+"_Zip", prefix+" Zip", "text", 30, ""),
		row(prefix+"_Country", prefix+" Country", "text", 100, ""),
	}
}

func contactFields() []*field {
	return append(append([]*field{
		choice("Salutation", "Salutation", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof."),
		row("First_Name", "First Name", "text", 40, ""),
		row("Last_Name", "Last Name", "text", 80, "m"),
		row("Full_Name", "Full Name", "text", 120, "r"),
		row("Email", "Email", "email", 100, ""),
		row("Secondary_Email", "Secondary Email", "email", 100, ""),
		row("Phone", "Phone", "phone", 30, ""),
		row("Mobile", "Mobile", "phone", 30, ""),
		row("Home_Phone", "Home Phone", "phone", 30, ""),
		row("Other_Phone", "Other Phone", "phone", 30, ""),
		row("Asst_Phone", "Asst Phone", "phone", 30, ""),
		row("Fax", "Fax", "phone", 30, ""),
		lookup("Account_Name", "Account Name", "Accounts"),
		lookup("Reporting_To", "Reporting To", "Contacts"),
		lookup("Vendor_Name", "Vendor Name", "Vendors"),
		row("Title", "Title", "text", 100, ""),
		row("Department", "Department", "text", 50, ""),
		row("Assistant", "Assistant", "text", 50, ""),
		row("Date_of_Birth", "Date of Birth", "date", 20, ""),
		choice("Lead_Source", "Lead Source", "Advertisement", "Cold Call", "Employee Referral", "Partner", "Trade Show"),
		row("Skype_ID", "Skype ID", "text", 50, ""),
		row("Twitter", "Twitter", "text", 50, ""),
		row("Email_Opt_Out", "Email Opt Out", "boolean", 5, ""),
		area("Description", "Description", "large"),
		row("Record_Image", "Contact Image", "profileimage", 255, "r"),
	}, address("Mailing")...), address("Other")...)
}

func taskFields() []*field {
	return []*field{
		row("Subject", "Subject", "text", 255, "m"),
		row("Due_Date", "Due Date", "date", 20, ""),
		choice("Status", "Status", "Not Started", "Deferred", "In Progress", "Completed", "Waiting for input"),
		choice("Priority", "Priority", "High", "Highest", "Low", "Lowest", "Normal"),
		row("Closed_Time", "Closed Time", "datetime", 120, "r"),
		lookup("Who_Id", "Contact Name", "Contacts"),
		lookup("What_Id", "Related To", ""),
		area("Description", "Description", "rich_text"),
		row("Send_Notification_Email", "Send Notification Email", "boolean", 5, ""),
		row("Remind_At", "Reminder", "ALARM", 120, ""),
		row("Recurring_Activity", "Repeat", "RRULE", 120, ""),
	}
}

func eventFields() []*field {
	return []*field{
		row("Event_Title", "Title", "text", 255, "m"),
		row("Start_DateTime", "From", "datetime", 120, "m"),
		row("End_DateTime", "To", "datetime", 120, "m"),
		row("All_day", "All day", "boolean", 5, ""),
		row("Venue", "Location", "text", 255, ""),
		choice("Meeting_Venue__s", "Meeting Venue", "In-office", "Client location", "Online"),
		row("Participants", "Participants", "participants", 50, ""),
		lookup("Who_Id", "Contact Name", "Contacts"),
		lookup("What_Id", "Related To", ""),
		area("Description", "Description", "large"),
		row("Remind_At", "Reminder", "multireminder", 120, ""),
		row("Remind_Participants", "Participants Reminder", "multireminder", 120, ""),
		row("Recurring_Activity", "Repeat", "RRULE", 120, ""),
		row("Check_In_Status", "Check-In Status", "text", 120, "r"),
	}
}

// moduleRow is one module of the organisation.
type moduleRow struct {
	name, singular, plural string
	title                  string // the field by which a person knows a record
	upsert                 bool
	fields                 []*field
}

func moduleRows() []moduleRow {
	return []moduleRow{
		{"Leads", "Lead", "Leads", "Last_Name", true, []*field{
			row("First_Name", "First Name", "text", 40, ""), row("Last_Name", "Last Name", "text", 80, "m"),
			row("Company", "Company", "text", 200, ""), row("Email", "Email", "email", 100, ""),
			row("Phone", "Phone", "phone", 30, ""), row("Designation", "Title", "text", 100, ""),
		}},
		{"Accounts", "Account", "Accounts", "Account_Name", true, []*field{
			row("Account_Name", "Account Name", "text", 200, "m"), row("Phone", "Phone", "phone", 30, ""),
			row("Website", "Website", "website", 255, ""), area("Description", "Description", "large"),
		}},
		{"Vendors", "Vendor", "Vendors", "Vendor_Name", true, []*field{row("Vendor_Name", "Vendor Name", "text", 120, "m")}},
		{"Products", "Product", "Products", "Product_Name", true, []*field{row("Product_Name", "Product Name", "text", 200, "m")}},
		{"Deals", "Deal", "Deals", "Deal_Name", true, []*field{
			row("Deal_Name", "Deal Name", "text", 120, "m"), row("Closing_Date", "Closing Date", "date", 20, ""),
			choice("Stage", "Stage", "Qualification", "Negotiation", "Closed Won", "Closed Lost"),
			lookup("Account_Name", "Account Name", "Accounts"), lookup("Contact_Name", "Contact Name", "Contacts"),
		}},
		{"Contacts", "Contact", "Contacts", "Full_Name", true, contactFields()},
		{"Tasks", "Task", "Tasks", "Subject", false, taskFields()},
		{"Events", "Meeting", "Meetings", "Event_Title", false, eventFields()},
	}
}

// synced are the modules that get the field of Options.MarkField.
func synced(name string) bool { return name == "Contacts" || name == "Tasks" || name == "Events" }

func markField() *field { return row(MarkField, "ZohoSync ID", "text", 255, "uc") }
