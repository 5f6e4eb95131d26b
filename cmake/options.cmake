# Warnings and sanitizers for every target of the project: link jieding_options.
add_library(jieding_options INTERFACE)
target_include_directories(jieding_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(jieding_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false positives of these inside inlined std::string and coroutine frames; the last
  # takes the frames of Asio's coroutines, allocated by their own operator new, for mismatched.
  target_compile_options(jieding_options INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-mismatched-new-delete)
endif()
if(CMAKE_UNITY_BUILD)
  # Files that are compiled together see each other's anonymous namespaces: what one of them names
  # is no outer scope of the next, and a class with such a member stands in one unit all the same.
  target_compile_options(jieding_options INTERFACE -Wshadow=local -Wno-subobject-linkage)
else()
  target_compile_options(jieding_options INTERFACE -Wshadow)
endif()
target_compile_definitions(jieding_options INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION)
if(JIEDING_SANITIZE)
  target_compile_options(jieding_options INTERFACE -fsanitize=${JIEDING_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(jieding_options INTERFACE -fsanitize=${JIEDING_SANITIZE})
  if(JIEDING_SANITIZE STREQUAL thread)
    # Asio's fences, which ThreadSanitizer does not model; the locks beside them it does.
    target_compile_options(jieding_options INTERFACE -Wno-tsan)
  endif()
endif()

# jieding_library(NAME SOURCES... ) : a static library of one room of the house.
function(jieding_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PUBLIC jieding_options)
endfunction()
