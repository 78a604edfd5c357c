// Where links in alerts lead: the exporter's own status page, because it is still there when the uplink is not.

export const STATUS_PAGE = 'http://127.0.0.1:9815';
