using Hype.Silo.Hosting;

// One silo by itself. It listens on loopback for Orleans only, and serves no HTTP.
var builder = Host.CreateApplicationBuilder(args);
builder.AddHypeSilo();
await builder.Build().RunAsync();
