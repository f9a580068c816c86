using Hype.Clustering;
using Hype.Gateway.Hosting;

// The program's files are beside it, or in the project's folder for `dotnet run`.
var root = File.Exists("appsettings.json") ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory;
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = root });

// A gateway as a client of a cluster, or in the embedded mode with the whole cluster in this process.
var embedded = ClusterOptions.IsEmbedded(builder.Configuration);
builder.AddHypeGateway();
if (embedded)
    builder.AddEmbeddedCluster();
else
    builder.AddHypeClusterClient(GatewayHosting.OwnRegion, GatewayHosting.RequestAllSnapshots);

var app = builder.Build();
app.MapHypeGateway();
if (embedded)
    app.MapEmbeddedCluster();
return await app.RunOrExplainAsync(Console.Error);
