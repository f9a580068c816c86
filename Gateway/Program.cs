using Hype.Gateway.Hosting;
using Hype.MediaNode.Hosting;
using Hype.Silo.Hosting;

// Its files are beside it, or in the project's folder for `dotnet run`.
var root = File.Exists("appsettings.json") ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory;
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = root });

// The door for clients; and in the embedded mode everything behind it too: one process is the whole product.
builder.AddHypeGateway();
if (ClusterOptions.IsEmbedded(builder.Configuration))
{
    builder.AddHypeSilo();
    builder.AddEmbeddedHypeMediaNode(GatewayHosting.OwnControlPlane);
}

var app = builder.Build();
app.MapHypeGateway();
if (ClusterOptions.IsEmbedded(builder.Configuration))
    app.MapHypeMediaNode();
return await app.RunOrExplainAsync(Console.Error);
