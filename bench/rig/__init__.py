"""What every measurement needs: databases, servers, clients, data, and the table of results."""
