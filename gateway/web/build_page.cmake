# Builds the page from its sources: cmake -DPAGE=… -DDIST=… -DNPM=… -DSTAMP=… -P build_page.cmake
# Run under flock, because two build folders share the page's node_modules.
foreach(name PAGE DIST NPM STAMP)
  if(NOT DEFINED ${name})
    message(FATAL_ERROR "build_page.cmake: -D${name}=… is missing")
  endif()
endforeach()

function(run what)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${PAGE} RESULT_VARIABLE failed
    OUTPUT_VARIABLE said ERROR_VARIABLE complained)
  if(failed)
    message(FATAL_ERROR "${what} failed in ${PAGE}:\n${said}${complained}")
  endif()
endfunction()

# npm writes this file when it installs; older than the lock file (or absent) means install again.
set(installed ${PAGE}/node_modules/.package-lock.json)
if(NOT EXISTS ${installed} OR ${PAGE}/package-lock.json IS_NEWER_THAN ${installed})
  run("npm ci" ${NPM} ci --no-audit --no-fund)
endif()
file(REMOVE_RECURSE ${DIST})
run("npm run build" ${CMAKE_COMMAND} -E env JIEDING_PAGE_OUT=${DIST} ${NPM} run build)
if(NOT EXISTS ${DIST}/index.html)
  message(FATAL_ERROR "npm run build wrote no index.html into ${DIST}")
endif()
file(TOUCH ${STAMP})
