using Hype.Gateway.Hosting;
using Hype.MediaNode.Hosting;
using Hype.Silo.Clustering;
using Hype.Silo.Hosting;

// Its files are beside it, or in the project's folder for `dotnet run`.
var root = File.Exists("appsettings.json") ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory;
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = root });

// The door for clients. Behind it a cluster; or in the embedded mode everything in this one process.
var embedded = ClusterOptions.IsEmbedded(builder.Configuration);
builder.AddHypeGateway();
if (embedded)
{
    builder.AddHypeSilo();
    builder.AddEmbeddedHypeMediaNode(GatewayHosting.OwnControlPlane);
}
else
{
    builder.AddHypeClusterClient(GatewayHosting.OwnRegion, GatewayHosting.WantAllSnapshots);
}

var app = builder.Build();
app.MapHypeGateway();
if (embedded)
    app.MapHypeMediaNode();
return await app.RunOrExplainAsync(Console.Error);
