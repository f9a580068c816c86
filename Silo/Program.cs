using Hype.Hosting.Telemetry;
using Hype.Silo.Health;
using Hype.Silo.Hosting;
using Hype.Silo.Storage;

// One silo by itself, or with the argument `migrate` what its database needs before it can start.
var migrate = args is [MigrateCommand.Name, ..];
var builder = WebApplication.CreateBuilder(migrate ? args[1..] : args);
if (migrate)
    return await MigrateCommand.RunAsync(builder.Configuration[MigrateCommand.ConnectionKey], Console.Out, Console.Error);
builder.AddHypeSilo();
builder.AddSiloProcess();

var app = builder.Build();
app.MapSiloHealth();
app.MapPrometheusScrapingEndpoint(MetricsAddress.Path);
return await app.RunOrExplainAsync(Console.Error);
