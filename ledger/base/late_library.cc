// See late_library.h.
#include "ledger/base/late_library.h"

#include <dlfcn.h>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail {
namespace {

Status CannotLoad(const std::string& file) {
  const char* const why = dlerror();
  return absl::UnavailableError(absl::StrCat("the library ", file,
                                             " cannot be loaded: ", Escaped(why == nullptr ? "" : why),
                                             "; install it or mend it, and try again"));
}

}  // namespace

LateLibrary::LateLibrary(const std::string& file)
    : file_(file), library_(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (library_ == nullptr) status_ = CannotLoad(file_);
}

void* LateLibrary::Address(const char* name) {
  if (library_ == nullptr) return nullptr;
  void* const address = dlsym(library_, name);
  if (address == nullptr) status_ = CannotLoad(file_);
  return address;
}

}  // namespace fundtrail
