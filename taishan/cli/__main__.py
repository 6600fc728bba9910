from taishan.cli.main import main

main()
