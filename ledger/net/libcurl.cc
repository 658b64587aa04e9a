// See libcurl.h.
#include "ledger/net/libcurl.h"

#include "ledger/base/late_library.h"

namespace fundtrail::net {
namespace {

StatusOr<LibCurl> LoadLibCurl() {
  LateLibrary library("libcurl.so.4");
  LibCurl all{};
  library.Find("curl_easy_cleanup", &all.curl_easy_cleanup);
  library.Find("curl_easy_getinfo", &all.curl_easy_getinfo);
  library.Find("curl_easy_init", &all.curl_easy_init);
  library.Find("curl_easy_perform", &all.curl_easy_perform);
  library.Find("curl_easy_reset", &all.curl_easy_reset);
  library.Find("curl_easy_setopt", &all.curl_easy_setopt);
  library.Find("curl_easy_strerror", &all.curl_easy_strerror);
  library.Find("curl_global_init", &all.curl_global_init);
  library.Find("curl_slist_append", &all.curl_slist_append);
  library.Find("curl_slist_free_all", &all.curl_slist_free_all);
  FT_RETURN_IF_ERROR(library.status());
  all.curl_global_init(CURL_GLOBAL_DEFAULT);  // its own state, which it asks to be made once
  return all;
}

}  // namespace

const StatusOr<LibCurl>& TheLibCurl() {
  static const StatusOr<LibCurl> loaded = LoadLibCurl();
  return loaded;
}

}  // namespace fundtrail::net
