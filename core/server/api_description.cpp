// SPDX-License-Identifier: Apache-2.0
#include "server/api_server.hpp"

namespace romp::server {

namespace {

constexpr std::string_view description = R"json({
 "openapi": "3.0.3",
 "info": {
  "title": "romp",
  "version": "1",
  "description": "For administrators, on their listeners, with enable_admin = yes."
 },
 "components": {
  "securitySchemes": {
   "basic": {
    "type": "http",
    "scheme": "basic"
   }
  }
 },
 "security": [
  {
   "basic": []
  }
 ],
 "paths": {
  "/api/server": {
   "get": {
    "summary": "Version, uptime, numbers of the server",
    "responses": {
     "200": {
      "description": "as JSON"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs the role monitor"
     }
    }
   }
  },
  "/api/destinations": {
   "get": {
    "summary": "All destinations with their counts",
    "responses": {
     "200": {
      "description": "as JSON"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs the role monitor"
     }
    }
   }
  },
  "/api/sessions": {
   "get": {
    "summary": "All sessions",
    "responses": {
     "200": {
      "description": "as JSON"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs the role monitor"
     }
    }
   }
  },
  "/api/subscriptions": {
   "get": {
    "summary": "All subscriptions of clients",
    "responses": {
     "200": {
      "description": "as JSON"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs the role monitor"
     }
    }
   }
  },
  "/api/plugins": {
   "get": {
    "summary": "All plugins",
    "responses": {
     "200": {
      "description": "as JSON"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs the role monitor"
     }
    }
   }
  },
  "/api/filters": {
   "get": {
    "summary": "All filters of plugins",
    "responses": {
     "200": {
      "description": "as JSON"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs the role monitor"
     }
    }
   }
  },
  "/api/purge": {
   "post": {
    "summary": "Drop what waits in a destination: operator",
    "responses": {
     "200": {
      "description": "done"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs another role"
     },
     "409": {
      "description": "could not be done"
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "required": [
         "destination"
        ],
        "properties": {
         "destination": {
          "type": "string"
         }
        }
       }
      }
     }
    }
   }
  },
  "/api/close": {
   "post": {
    "summary": "Close a session: operator",
    "responses": {
     "200": {
      "description": "done"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs another role"
     },
     "409": {
      "description": "could not be done"
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "required": [
         "session"
        ],
        "properties": {
         "session": {
          "type": "string"
         }
        }
       }
      }
     }
    }
   }
  },
  "/api/reload": {
   "post": {
    "summary": "Read the configuration again, as SIGHUP: admin",
    "responses": {
     "200": {
      "description": "done"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs another role"
     },
     "409": {
      "description": "could not be done"
     }
    },
    "requestBody": {
     "content": {
      "application/json": {}
     }
    }
   }
  },
  "/api/drain": {
   "post": {
    "summary": "Drain and end: admin",
    "responses": {
     "200": {
      "description": "done"
     },
     "401": {
      "description": "log in"
     },
     "403": {
      "description": "needs another role"
     },
     "409": {
      "description": "could not be done"
     }
    },
    "requestBody": {
     "content": {
      "application/json": {}
     }
    }
   }
  }
 }
}
)json";

}  // namespace

std::string_view api_description() noexcept { return description; }

}  // namespace romp::server
