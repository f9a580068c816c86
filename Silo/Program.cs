using Hype.Hosting.Telemetry;
using Hype.Silo.Certificates;
using Hype.Silo.Health;
using Hype.Silo.Hosting;
using Hype.Silo.Storage;

// Runs a silo, or with the argument `migrate` the migration of its database, or with `certificates` the issue of certificates.
if (args is [CertificatesCommand.Name, ..])
    return await CertificatesCommand.RunAsync(args[1..], TimeProvider.System.GetUtcNow(), Console.Out, Console.Error);
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
