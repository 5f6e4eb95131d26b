# Where things lie on a box:
#   cmake --install build/release --prefix /usr            (DESTDIR=... for an image)
# jieding starts jieding-vision and jieding-film from beside it; the page is inside jieding.
install(TARGETS jieding jieding-vision jieding-film jieding-link jieding-image jieding-node jieding-provision
  RUNTIME DESTINATION bin)

install(FILES config/systemd/jieding.service config/systemd/jieding-mirror.service DESTINATION lib/systemd/system)
install(FILES config/systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME jieding.conf)

# RAUC's own configuration and GRUB's are the image's: they are only handed over.
install(PROGRAMS config/rauc/boot-slots DESTINATION lib/jieding)
install(FILES config/rauc/dbus.conf DESTINATION share/dbus-1/system.d RENAME jieding.conf)
install(FILES config/rauc/system.conf config/rauc/grub.cfg DESTINATION share/jieding/rauc)

# What an installer begins from.
install(FILES config/answers.toml config/demo.toml config/cameras.toml config/equipment.toml config/limits.toml config/modbus.toml config/nodes.toml
  DESTINATION share/jieding)
install(DIRECTORY config/policy DESTINATION share/jieding)
