// libcurl's functions, loaded when the first is needed. See late_library.h.
#pragma once

#include <curl/curl.h>

#include "ledger/base/status.h"

namespace fundtrail::net {

// Each by its own name.
struct LibCurl {
  decltype(&::curl_easy_cleanup) curl_easy_cleanup;
  decltype(&::curl_easy_getinfo) curl_easy_getinfo;
  decltype(&::curl_easy_init) curl_easy_init;
  decltype(&::curl_easy_perform) curl_easy_perform;
  decltype(&::curl_easy_reset) curl_easy_reset;
  decltype(&::curl_easy_setopt) curl_easy_setopt;
  decltype(&::curl_easy_strerror) curl_easy_strerror;
  decltype(&::curl_global_init) curl_global_init;
  decltype(&::curl_slist_append) curl_slist_append;
  decltype(&::curl_slist_free_all) curl_slist_free_all;
};

// UNAVAILABLE when the system has none. From any thread.
const StatusOr<LibCurl>& TheLibCurl();

}  // namespace fundtrail::net
