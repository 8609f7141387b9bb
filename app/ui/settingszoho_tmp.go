package ui

const zoho = "zoho"
